// How many rooms anyone may make, so that nobody takes them all, whatever names they use.

import { networkOf } from "./address.ts";
import type { Account } from "./history.ts";
import type { AccountId } from "./message.ts";
import type { Maker, Room } from "./room.ts";

/** Most rooms that one account may make, and that all guests of one network may make together. */
const MOST_MADE = 10;
/** Most rooms made from one network, by anyone: half of all there may be. */
const MOST_OF_NETWORK = 50;

/** Who makes a room: a member, on one of its connections. */
export function makerOf(
  { member, connection }: {
    member: { readonly account: Account | undefined };
    connection: { readonly address: string };
  },
): Maker {
  return { network: networkOf(connection.address), account: member.account?.id };
}

/** A sentence that says why a member may not make another room; undefined when it may. */
export function tooManyRooms(
  maker: Maker,
  { rooms, isRegistered }: { rooms: Iterable<Room>; isRegistered: (id: AccountId) => boolean },
): string | undefined {
  let own = 0, ofNetwork = 0;
  for (const { maker: { network, account } } of rooms) {
    const isFromHere = network !== undefined && network === maker.network;
    if (isFromHere) ofNetwork++;
    // Rooms of an account that was given up count as made by guests.
    const who = account !== undefined && isRegistered(account) ? account : undefined;
    if (who === maker.account && (who !== undefined || isFromHere)) own++;
  }
  if (own >= MOST_MADE) {
    return maker.account === undefined
      ? `The guests of your network have made ${MOST_MADE} rooms: ${WAY_OUT}, or /register your name.`
      : `You have made ${MOST_MADE} rooms: ${WAY_OUT}.`;
  }
  if (ofNetwork >= MOST_OF_NETWORK) {
    return `${MOST_OF_NETWORK} rooms were made from your network: ${WAY_OUT}.`;
  }
}

/** What to do about it, to end a sentence with. */
const WAY_OUT =
  "remove the topic of one (/topic -) and leave it empty, ask an operator to /close one";
