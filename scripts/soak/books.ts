// The books: what /metrics says of messages and bytes, and whether it balances. Every message times those who were
// to hear it is what was handed over and what was withheld; every byte handed over was sent, dropped or waits.

/** Values of /metrics by name and labels, as they are written there. */
export type Metrics = ReadonlyMap<string, number>;

/** The sums of the books. */
export interface Books {
  /** Messages that people have sent. */
  readonly messages: number;
  /** Those times the connections that they were to go to. */
  readonly hearers: number;
  /** Of these: handed to the connections; and withheld, by why. */
  readonly delivered: number;
  readonly withheld: Readonly<Record<string, number>>;
  /** Bytes handed over; of these: sent, dropped by why, and waiting. */
  readonly queued: number;
  readonly sent: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly pending: number;
}

/** Reads Prometheus' text. */
export function readMetrics(text: string): Metrics {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const end = line.lastIndexOf(" ");
    return [line.slice(0, end), Number(line.slice(end + 1))];
  }));
}

/** A value of a metric. Throws a RangeError if there is none: a book without it would balance by chance. */
export function valueOf(metrics: Metrics, name: string): number {
  const value = metrics.get(name);
  if (value === undefined) throw new RangeError(`there is no ${name} in /metrics`);
  return value;
}

/** The values of a metric with one label, by the label's value. */
export function byLabel(metrics: Metrics, name: string): Record<string, number> {
  return Object.fromEntries([...metrics].flatMap(([key, value]) => {
    const [, of, label = ""] = /^(\w+)\{\w+="([^"]*)"\}$/.exec(key) ?? [];
    return of === name ? [[label, value]] : [];
  }));
}

/** The books as /metrics has them. */
export function readBooks(metrics: Metrics): Books {
  return {
    messages: sum(byLabel(metrics, "bobchat_messages_total")),
    hearers: valueOf(metrics, "bobchat_message_hearers_total"),
    delivered: valueOf(metrics, 'bobchat_deliveries_total{kind="message"}'),
    withheld: byLabel(metrics, "bobchat_withheld_messages_total"),
    queued: valueOf(metrics, "bobchat_queued_bytes_total"),
    sent: valueOf(metrics, "bobchat_sent_bytes_total"),
    dropped: byLabel(metrics, "bobchat_dropped_bytes_total"),
    pending: valueOf(metrics, "bobchat_pending_bytes"),
  };
}

/** What does not balance, as sentences. */
export function imbalances(books: Books): string[] {
  const { hearers, delivered, withheld, queued, sent, dropped, pending } = books;
  const differences = {
    messages: hearers - delivered - sum(withheld),
    bytes: queued - sent - sum(dropped) - pending,
  };
  return Object.entries(differences).filter(([, difference]) => difference !== 0)
    .map(([what, difference]) =>
      `${Math.abs(difference)} ${what} too ${difference > 0 ? "few" : "many"}`
    );
}

/** The sum of the values of a record. */
export function sum(values: Readonly<Record<string, number>>): number {
  return Object.values(values).reduce((total, value) => total + value, 0);
}
