// Counters of what happened to connections and messages since the start.

/** Counters, all starting at 0. */
export interface Metrics {
  connections: number;
  refusedFull: number;
  refusedAddress: number;
  /** Times that a reader waited because its sender exceeded the rate. */
  throttled: number;
  oversize: number;
  closedPending: number;
  closedDeadline: number;
  closedIdle: number;
  /** Evicted peers for whom the system keeps what they have not taken, until they or it give up. */
  evictedNotGone: number;
  bytesIn: number;
  bytesOut: number;
  /** Connections that began a TLS handshake and did not complete it. */
  failedHandshakes: number;
  /** Failed accepts, including those for lack of files. */
  acceptErrors: number;
  /** Messages that the history lost while the disk failed. */
  historyLost: number;
  /** Failed reads and writes of the history. */
  historyErrors: number;
  /** Times that this node could not keep up with the others of its network. */
  behind: number;
  /** Lines of the log that could not be written. */
  logLost: number;
}

/** A fresh set of counters. */
export function createMetrics(): Metrics {
  return {
    connections: 0,
    refusedFull: 0,
    refusedAddress: 0,
    throttled: 0,
    oversize: 0,
    closedPending: 0,
    closedDeadline: 0,
    closedIdle: 0,
    evictedNotGone: 0,
    bytesIn: 0,
    bytesOut: 0,
    failedHandshakes: 0,
    acceptErrors: 0,
    historyLost: 0,
    historyErrors: 0,
    behind: 0,
    logLost: 0,
  };
}
