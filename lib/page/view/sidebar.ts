/// <reference lib="dom" />
// The lists beside the log: rooms, private conversations, and the members of the room.

import type { Present } from "../../client/frames.ts";
import { arrange, make, part, setText } from "./dom.ts";
import { avatarElement, nameElement } from "./entries.ts";
import { compareNames, initial } from "../../client/state/names.ts";
import type { Conversation } from "../../client/state/conversation.ts";
import { Room } from "../../client/state/room.ts";
import { type Conversations, keyOf } from "../../client/state/conversations.ts";

/** The lists. */
export class Sidebar {
  readonly #rooms = part("rooms", HTMLElement);
  readonly #people = part("people", HTMLElement);
  readonly #noPeople = part("no-people", HTMLElement);
  readonly #members = part("members", HTMLElement);
  readonly #membersTitle = part("members-title", HTMLElement);
  readonly #hidden = part("members-more", HTMLElement);
  readonly #me = part("me", HTMLElement);
  readonly #toggle = part("rooms-toggle", HTMLButtonElement);
  /** The items by key, so that each stays the same element while it exists. */
  #items = new Map<string, HTMLLIElement>();
  #itemsBefore = this.#items;

  constructor(
    { onConversation, onMember }: {
      onConversation: (key: string) => void;
      onMember: (name: string) => void;
    },
  ) {
    for (const list of [this.#rooms, this.#people]) onChosen(list, onConversation);
    onChosen(this.#members, onMember);
  }

  /** Shows the lists. */
  show(conversations: Conversations, me: string): void {
    const { rooms, people, active } = conversations;
    this.#itemsBefore = this.#items;
    this.#items = new Map();
    arrange(this.#rooms, rooms.map((room) => this.#conversationItem(room, room === active)));
    arrange(
      this.#people,
      people.map((conversation) => this.#conversationItem(conversation, conversation === active)),
    );
    this.#noPeople.hidden = people.length > 0;
    this.#showUnread(conversations);
    if (this.#me.textContent !== initial(me) + me) {
      this.#me.replaceChildren(avatarElement(me), make("bdi", "", me));
    }
    this.#showMembers(active, me);
  }

  /** Marks the button that opens the lists, for when they are out of sight. */
  #showUnread({ all, calls }: Conversations): void {
    const isUnread = all.some(({ unread }) => unread.all > 0);
    this.#toggle.classList.toggle("unread", isUnread);
    this.#toggle.classList.toggle("for-me", calls > 0);
    const said = isUnread ? "Conversations, some unread" : "Conversations";
    if (this.#toggle.ariaLabel !== said) this.#toggle.ariaLabel = said;
  }

  #showMembers(conversation: Conversation, me: string): void {
    const members = conversation instanceof Room
      ? [...conversation.members.values()]
      : bothOf(conversation, me);
    members.sort((one, other) => compareNames(one.name, other.name));
    arrange(this.#members, members.map((member) => this.#memberItem(member, member.name === me)));
    const size = conversation instanceof Room ? conversation.size : members.length;
    setText(
      this.#membersTitle,
      conversation instanceof Room ? `In ${conversation.title}: ${size}` : "Members",
    );
    setText(this.#hidden, size > members.length ? `and ${size - members.length} more` : "");
  }

  #conversationItem(conversation: Conversation, isActive: boolean): HTMLElement {
    const key = keyOf(conversation);
    const item = this.#item(key, "conversation");
    const [button] = item.children;
    const { all, calls } = conversation.unread;
    const isLocked = conversation instanceof Room && conversation.isLocked;
    const isOut = conversation instanceof Room && !conversation.isIn;
    const state = [conversation.title, all, calls, isActive, isLocked, isOut].join(" ");
    if (button === undefined || item.dataset["state"] === state) return item;
    item.dataset["state"] = state;
    button.classList.toggle("out", isOut);
    button.classList.toggle("unread", all > 0);
    if (isActive) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    button.replaceChildren(
      conversation instanceof Room
        ? make("bdi", "", conversation.title)
        : nameElement(conversation.name),
      ...(isLocked ? [make("span", "unseen", ", locked"), hiddenIcon("lock", "🔒")] : []),
      ...(all > 0 ? badges(conversation) : []),
    );
    return item;
  }

  #memberItem({ name, away, lost = false, isAbsent = false }: Shown, isMe: boolean): HTMLElement {
    const item = this.#item(name, "member");
    const [button] = item.children;
    const state = `${away} ${lost} ${isAbsent} ${isMe}`;
    if (button === undefined || item.dataset["state"] === state) return item;
    item.dataset["state"] = state;
    button.classList.toggle("away", away || lost || isAbsent);
    const what = [
      ...(isMe ? ["you"] : []),
      ...(away ? ["away"] : []),
      ...(lost ? ["cut off"] : []),
      ...(isAbsent ? ["not here"] : []),
    ].join(", ");
    button.replaceChildren(
      avatarElement(name),
      nameElement(name),
      ...(what === "" ? [] : [make("span", "aside", ` (${what})`)]),
    );
    return item;
  }

  #item(key: string, kind: string): HTMLLIElement {
    const name = `${kind} ${key}`;
    const button = () => make("button", kind, { type: "button", "data-key": key });
    const item = this.#itemsBefore.get(name) ?? make("li", "", {}, [button()]);
    this.#items.set(name, item);
    return item;
  }
}

/** Somebody in the list of members; in a private conversation they may not be here. */
interface Shown extends Present {
  readonly isAbsent?: boolean;
}

/** The two people in a private conversation. */
function bothOf({ name, presence }: Conversation, me: string): Shown[] {
  const other = {
    ...{ name, away: presence === "away", lost: presence === "lost" },
    isAbsent: presence === "absent" || presence === "unknown",
  };
  return name === me ? [other] : [other, { name: me, away: false }];
}

/**
 * How much is unread, for the eye and the ear: in a room the count of mentions, and of all messages; a
 * private message counts as a mention.
 */
function badges({ kind, unread: { all, calls } }: Conversation): HTMLElement[] {
  const said = `, ${all} unread${calls > 0 ? `, ${calls} for you` : ""}`;
  const counts = kind === "person" ? [badge(most(all), true)] : [
    ...(calls > 0 ? [badge(`@${most(calls)}`, true)] : []),
    ...(all > calls ? [badge(most(all), false)] : []),
  ];
  return [...counts, make("span", "unseen", said)];
}

function badge(shown: string, isForMe: boolean): HTMLElement {
  return make("span", isForMe ? "badge for-me" : "badge", { "aria-hidden": "true" }, [shown]);
}

function most(count: number): string {
  return count > 99 ? "99+" : String(count);
}

function hiddenIcon(className: string, sign: string): HTMLElement {
  return make("span", className, { "aria-hidden": "true" }, [sign]);
}

/** Calls `run` with the key of the item that was chosen. */
function onChosen(list: HTMLElement, run: (key: string) => void): void {
  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    const key = button?.dataset["key"];
    if (key !== undefined) run(key);
  });
}
