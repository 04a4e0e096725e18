// How long the link of an app has been lost: after a while others are told, and again once it is back.

/** A link that may be lost. */
export class LostLink {
  readonly #toldAfter: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isTold = false;
  /** Called when others are to know that it is lost, and when it is back. */
  onChange: (isLost: boolean) => void = () => {};

  /** Others are told after so many milliseconds. */
  constructor(toldAfter: number) {
    this.#toldAfter = toldAfter;
  }

  /** The link is lost. */
  begin(): void {
    this.#timer ??= setTimeout(() => {
      this.#isTold = true;
      this.onChange(true);
    }, this.#toldAfter);
  }

  /** There is a link again. */
  back(): void {
    this.end();
    if (!this.#isTold) return;
    this.#isTold = false;
    this.onChange(false);
  }

  /** Nobody is told any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
