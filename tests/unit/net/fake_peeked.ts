// A peer in memory whose first bytes can be given back.

import { PeekedConnection } from "../../../lib/net/peeked.ts";
import { FakeConnection } from "./fake_connection.ts";

/** A fake whose bytes can be given back. */
export class FakePeeked extends PeekedConnection {
  readonly fake: FakeConnection;

  constructor(address = "192.0.2.1") {
    const fake = new FakeConnection(address);
    super(fake);
    this.fake = fake;
  }

  protected receive(buffer: Uint8Array): Promise<number | null> {
    return this.fake.read(buffer);
  }

  write(chunk: Uint8Array): Promise<number> {
    return this.fake.write(chunk);
  }

  endWrites(): void {
    this.fake.endWrites();
  }

  endReads(): void {
    this.fake.endReads();
  }

  close(): void {
    this.fake.close();
  }

  closed(): Promise<void> {
    return this.fake.closed();
  }
}
