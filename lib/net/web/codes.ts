// WebSocket's codes, by which a link is closed; the README says what an app does about each.

/** The end was meant. */
export const NORMAL = 1000;
/** The page was left; or the server stops. */
export const GOING_AWAY = 1001;
/** It is not text. */
export const UNSUPPORTED = 1003;
/** Its peer gave no code. */
export const NO_CODE = 1005;
/** It broke a rule of this server's. */
export const POLICY = 1008;
/** There is no room for it, or it was evicted: it may come again. */
export const TRY_LATER = 1013;
/** Its app goes on over another link. */
export const REPLACED = 4001;
