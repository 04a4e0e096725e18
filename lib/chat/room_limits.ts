// How many rooms anyone may make: so that nobody has them all, whatever they call themselves.

import { networkOf } from "./address.ts";
import type { AccountId } from "./message.ts";
import type { Member } from "./member.ts";
import type { Maker, Room } from "./room.ts";

/** Most rooms that one account has made, and that the guests of one network have made together. */
const MOST_MADE = 10;
/** Most that were made from one network, whoever made them: half of all there may be. */
const MOST_OF_NETWORK = 50;

/** Somebody as the maker of a room. */
export function makerOf({ address, account }: Member): Maker {
  return { network: networkOf(address), account: account?.id };
}

/** Why somebody may not make one more room, as a sentence; nothing when they may. */
export function tooManyRooms(
  maker: Maker,
  { rooms, isRegistered }: { rooms: Iterable<Room>; isRegistered: (id: AccountId) => boolean },
): string | undefined {
  let own = 0, ofNetwork = 0;
  for (const { maker: { network, account } } of rooms) {
    const isFromHere = network !== undefined && network === maker.network;
    if (isFromHere) ofNetwork++;
    // What an account has made that was given up counts as its guests'.
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

/** How there are fewer rooms again. */
const WAY_OUT =
  "remove the topic of one (/topic -) and leave it empty, ask an operator to /close one";
