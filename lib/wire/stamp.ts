// The time in front of a message, as v0.1 wrote it.

let lastSecond = -1;
let lastStamp = "";

/** Epoch milliseconds as 12-hour local time, `03:04:05PM`: Python's `%I:%M:%S%p`. */
export function stamp(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastStamp = format(new Date(at));
  }
  return lastStamp;
}

function format(date: Date): string {
  const hours = date.getHours();
  const digits = [hours % 12 || 12, date.getMinutes(), date.getSeconds()];
  return digits.map((n) => String(n).padStart(2, "0")).join(":") + (hours < 12 ? "AM" : "PM");
}
