// The words that random logs are made of: names, rooms, addresses, passwords, texts and commands, hostile ones
// among them.

/** Where every password begins; nothing else in a log has it. */
export const SECRET = "sesame";
/** The word that a typed text has and no other: `m7m`. */
export const MARK = /m\d+m/g;

/** Passwords that people use. The last one is too short. */
export const PASSWORDS = [`${SECRET}-one`, `${SECRET}-two`, `${SECRET} three`, SECRET];
/** Addresses of connections, and texts that are none. */
export const ADDRESSES = [
  ...["10.1.2.3", "10.1.2.99", "10.9.9.9", "2001:db8::1", "2001:db8::2", "127.0.0.1"],
  ...["fe80::1%eth0", "::ffff:10.1.2.3", "nowhere", ""],
];
/** What operators ban. */
export const NETWORKS = [
  ...["10.1.2.0/24", "10.1.2.3", "10.9.9.9", "2001:db8::/32", "2001:db8::1/64", "10.0.0.0/99"],
  ...["0.0.0.0/0", "127.0.0.1", "::/10", "1.2.3", "::ffff:10.1.2.3"],
];
/** Names that are free, that look alike, that are a guest's or look so, and that are none. */
export const NAMES = [
  ...[
    "alice",
    "bob",
    "carol",
    "caroI",
    "caro1",
    "Carol",
    "cаrol",
    "Ｃarol",
    "rnary",
    "mary",
    "ALICE",
  ],
  ...["guest1", "guest2", "guestl", "lobby", "ﬁ", "İ", "10.1.2.3", "x".repeat(20), "x".repeat(500)],
  ...["a\u200db", "constructor", "__proto__", "-", "\ud800", ""],
];
/** Names of rooms, and texts that are none. */
export const ROOMS = [
  ...[
    "tea",
    "#tea",
    "Tea",
    "tеa",
    "cake",
    "room1",
    "rooml",
    "lobby",
    "#LOBBY",
    "#",
    "y".repeat(31),
  ],
  ...["t\u200bea", "__proto__"],
];
/** How long a ban lasts, and texts that do not say so. */
export const TERMS = [
  "",
  "10m",
  "1h30m",
  "forever",
  "for a week",
  "0m",
  "99999999999999999999y",
  "1h30",
];
/** What people type, and what nobody should. */
export const TEXTS = [
  ...[
    "hello",
    "",
    "*** bob left (1 here)",
    "a\r\nb",
    "\u202e\u0000\u0007",
    "\ud83d",
    "e".repeat(70),
  ],
  ...["-", "on", "off", "5", "1000", "0x10", "é".repeat(400), '"}],', "${x}"],
];
/** Each command, with what it takes: a name, a network, a room, a number, a term, words, a password, a text, or "". */
export const COMMANDS: readonly (readonly [name: string, ...takes: readonly string[]])[] = [
  ...[["me", "words"], ["msg", "name", "words"], ["reply", "words"], ["history", "text"]] as const,
  ...[["edit", "words"], ["edit", "text"], ["delete", ""], ["delete", "name"]] as const,
  ...[["search", "words"], ["echo", "text"], ["help", "text"], ["quit", "words"]] as const,
  ...[["join", "room"], ["join", "room"], ["leave", ""], ["part", "room"], ["rooms", ""]] as const,
  ...[["topic", ""], ["topic", "words"], ["topic", "text"], ["lock", ""], ["unlock", ""]] as const,
  ...[["invite", "name"], ["who", ""], ["who", "room"], ["whois", "name"]] as const,
  ...[["disconnect", "number"]] as const,
  ...[["ignore", ""], ["ignore", "name"], ["ignore", "name"], ["unignore", "name"]] as const,
  ...[["away", ""], ["away", "words"], ["nick", "name"], ["nick", "name"]] as const,
  ...[["nick", "name", "password"], ["register", "password"], ["identify", "password"]] as const,
  ...[["password", "password", "password"]] as const,
  ...[["unregister", ""], ["unregister", "own"], ["unregister", "password"], ["nikc", "name"], [
    "W",
    "name",
    "words",
  ], [
    "?",
    "text",
  ]] as const,
  ...[["constructor", "words"], ["", "words"], ["x".repeat(99), ""]] as const,
];
/** The same of operators. */
export const ORDERS: typeof COMMANDS = [
  ...[["kick", "name", "words"], ["mute", "name", "term", "words"], ["unmute", "name"]] as const,
  ...[["mute", "name", "term"], ["ban", "name", "term", "words"], [
    "ban",
    "network",
    "term",
  ]] as const,
  ...[["unban", "name"], ["unban", "network"], ["unmute", "name"], ["bans", ""], [
    "close",
    "room",
    "words",
  ]] as const,
  ...[["op", "name"], ["deop", "name"], ["announce", "words"], ["mute", "name"]] as const,
  ...[["delete", "name"], ["unban", "name"], ["unban", "network"]] as const,
];
