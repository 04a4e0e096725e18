// How long a text is, in bytes of UTF-8: what --max-line bounds, whatever the protocol or command.

/** What stands for a byte that was no UTF-8, and counts as that byte. */
const REPLACEMENT = 0xfffd;

/** Whether a text has more than so many bytes. */
export function isLonger(text: string, bytes: number): boolean {
  // Nearly every text is short enough, whatever is in it.
  if (3 * text.length <= bytes) return false;
  if (text.length > bytes) return true;
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Half of a pair, which has four.
    const isHalf = unit >= 0xd800 && unit <= 0xdfff;
    size += unit < 0x80 || unit === REPLACEMENT ? 1 : unit < 0x800 || isHalf ? 2 : 3;
  }
  return size > bytes;
}
