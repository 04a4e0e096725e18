// The codes with which a link is closed (those of WebSockets); the README says what an app does about each.

/** The connection has ended as meant. */
export const NORMAL = 1000;
/** The page was left, or the server stops. */
export const GOING_AWAY = 1001;
/** The peer does not speak the protocol. */
export const PROTOCOL = 1002;
/** The peer sent something other than text. */
export const UNSUPPORTED = 1003;
/** The peer gave no code. */
export const NO_CODE = 1005;
/** The link was lost; never sent. */
export const LOST = 1006;
/** The peer's text is not UTF-8. */
export const NOT_UTF8 = 1007;
/** The peer broke a rule of this server. */
export const POLICY = 1008;
/** The peer's message was too long. */
export const TOO_LONG = 1009;
/** There is no room for it, or it was evicted: it may try again later. */
export const TRY_LATER = 1013;
/** The app continues on another link. */
export const REPLACED = 4001;

/** Those with which an app leaves on purpose: a browser that closes a page, a bot that ends. */
export const GOODBYES: readonly number[] = [NORMAL, GOING_AWAY, NO_CODE];
