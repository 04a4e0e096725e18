// The lists beside the talk: rooms, private conversations, and who is in the room.

/** @import { Talk } from "../state/talk.js" */
/** @import { Talks } from "../state/talks.js" */
import { arrange, make, part, setText } from "./dom.js";
import { nameElement, tint } from "./entries.js";
import { initial } from "../state/names.js";
import { Room } from "../state/talk.js";
import { keyOf } from "../state/talks.js";

/** The lists. */
export class Sidebar {
  #rooms = part("rooms", HTMLElement);
  #people = part("people", HTMLElement);
  #noPeople = part("no-people", HTMLElement);
  #members = part("members", HTMLElement);
  #membersTitle = part("members-title", HTMLElement);
  #hidden = part("members-more", HTMLElement);
  #me = part("me", HTMLElement);
  #toggle = part("rooms-toggle", HTMLButtonElement);
  /** Each item that is shown, and was shown before, so that it stays the same element while it is there. */
  #items = /** @type {Map<string, HTMLLIElement>} */ (new Map());
  #itemsBefore = this.#items;

  /** @param {{ onTalk: (key: string) => void, onMember: (name: string) => void }} on */
  constructor({ onTalk, onMember }) {
    for (const list of [this.#rooms, this.#people]) onChosen(list, onTalk);
    onChosen(this.#members, onMember);
  }

  /**
   * Shows what there is.
   * @param {Talks} talks
   * @param {string} me
   */
  show(talks, me) {
    const { rooms, people, active } = talks;
    this.#itemsBefore = this.#items;
    this.#items = new Map();
    arrange(this.#rooms, rooms.map((room) => this.#talkItem(room, room === active)));
    arrange(this.#people, people.map((talk) => this.#talkItem(talk, talk === active)));
    this.#noPeople.hidden = people.length > 0;
    this.#showUnread(talks);
    const avatar = make("span", "avatar", { "aria-hidden": "true" }, [initial(me)]);
    tint(avatar, me);
    if (this.#me.textContent !== initial(me) + me) {
      this.#me.replaceChildren(avatar, make("bdi", "", me));
    }
    this.#showMembers(active, me);
  }

  /**
   * Where the lists are out of sight, their button says that there is something in them.
   * @param {Talks} talks
   */
  #showUnread({ all, calls }) {
    const isUnread = all.some(({ unread }) => unread.all > 0);
    this.#toggle.classList.toggle("unread", isUnread);
    this.#toggle.classList.toggle("for-me", calls > 0);
    const said = isUnread ? "Conversations, some unread" : "Conversations";
    if (this.#toggle.ariaLabel !== said) this.#toggle.ariaLabel = said;
  }

  /**
   * @param {Talk} talk
   * @param {string} me
   */
  #showMembers(talk, me) {
    const members = talk instanceof Room ? [...talk.members.values()] : bothOf(talk, me);
    members.sort((one, other) => one.name.localeCompare(other.name));
    arrange(this.#members, members.map((member) => this.#memberItem(member, member.name === me)));
    const size = talk instanceof Room ? talk.size : members.length;
    setText(this.#membersTitle, talk instanceof Room ? `In ${talk.title}: ${size}` : "You two");
    setText(this.#hidden, size > members.length ? `and ${size - members.length} more` : "");
  }

  /**
   * @param {Talk} talk
   * @param {boolean} isActive
   */
  #talkItem(talk, isActive) {
    const key = keyOf(talk);
    const item = this.#item(key, "talk");
    const [button] = item.children;
    const { all, calls } = talk.unread;
    const isLocked = talk instanceof Room && talk.isLocked;
    const isOut = talk instanceof Room && !talk.isIn;
    const state = [talk.title, all, calls, isActive, isLocked, isOut].join(" ");
    if (button === undefined || item.dataset["state"] === state) return item;
    item.dataset["state"] = state;
    button.classList.toggle("out", isOut);
    button.classList.toggle("unread", all > 0);
    if (isActive) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    button.replaceChildren(
      talk instanceof Room ? make("bdi", "", talk.title) : nameElement(talk.name),
      ...(isLocked ? [make("span", "unseen", ", locked"), hiddenIcon("lock", "🔒")] : []),
      ...(all > 0 ? badge(all, calls) : []),
    );
    return item;
  }

  /**
   * @param {{ name: string, away: boolean }} member
   * @param {boolean} isMe
   */
  #memberItem({ name, away }, isMe) {
    const item = this.#item(name, "member");
    const [button] = item.children;
    const state = `${away} ${isMe}`;
    if (button === undefined || item.dataset["state"] === state) return item;
    item.dataset["state"] = state;
    button.classList.toggle("away", away);
    const what = [...(isMe ? ["you"] : []), ...(away ? ["away"] : [])].join(", ");
    const avatar = make("span", "avatar", { "aria-hidden": "true" }, [initial(name)]);
    tint(avatar, name);
    button.replaceChildren(
      avatar,
      nameElement(name),
      ...(what === "" ? [] : [make("span", "aside", ` (${what})`)]),
    );
    return item;
  }

  /**
   * @param {string} key
   * @param {string} kind
   */
  #item(key, kind) {
    const name = `${kind} ${key}`;
    const button = () => make("button", kind, { type: "button", "data-key": key });
    const item = this.#itemsBefore.get(name) ?? make("li", "", {}, [button()]);
    this.#items.set(name, item);
    return item;
  }
}

/**
 * Those between whom a private conversation is.
 * @param {Talk} talk
 * @param {string} me
 */
function bothOf({ name }, me) {
  return [...new Set([name, me])].map((name) => ({ name, away: false }));
}

/**
 * How much is unread, to see and to hear.
 * @param {number} all
 * @param {number} calls
 */
function badge(all, calls) {
  const shown = calls > 0 ? calls : all;
  const said = `, ${all} unread${calls > 0 ? `, ${calls} for you` : ""}`;
  return [
    make("span", calls > 0 ? "badge for-me" : "badge", { "aria-hidden": "true" }, [
      shown > 99 ? "99+" : String(shown),
    ]),
    make("span", "unseen", said),
  ];
}

/**
 * @param {string} className
 * @param {string} sign
 */
function hiddenIcon(className, sign) {
  return make("span", className, { "aria-hidden": "true" }, [sign]);
}

/**
 * Calls with the key of the item that was chosen.
 * @param {HTMLElement} list
 * @param {(key: string) => void} run
 */
function onChosen(list, run) {
  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    const key = button?.dataset["key"];
    if (key !== undefined) run(key);
  });
}
