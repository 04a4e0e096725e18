// The length of a text in bytes of UTF-8, which --max-line limits for every protocol and command.

/** The character that replaces an invalid byte; it counts as that one byte. */
const REPLACEMENT = 0xfffd;

/** Whether a text has more than this many bytes. */
export function isLonger(text: string, bytes: number): boolean {
  // Nearly every text is short enough whatever characters it has.
  if (3 * text.length <= bytes) return false;
  if (text.length > bytes) return true;
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Half of a surrogate pair, which has four bytes.
    const isHalf = unit >= 0xd800 && unit <= 0xdfff;
    size += unit < 0x80 || unit === REPLACEMENT ? 1 : unit < 0x800 || isHalf ? 2 : 3;
  }
  return size > bytes;
}
