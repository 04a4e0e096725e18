// The options of a network: where NATS is, and what this server is there. serve's table includes them, and that
// of `bobchat network` some.

import { option, text, toggle } from "./option.ts";
import * as value from "./values.ts";

/** Options of a network. */
export const NATS_OPTIONS = {
  nats: option<string[]>({
    argument: "URL",
    help: "be one room with others at this NATS, repeatable",
    fallback: [],
    repeatable: true,
    notClassic: "v0.1 is one server",
    parse: value.natsServers,
  }),
  natsCreds: text({ argument: "FILE", help: "credentials for NATS", needs: "nats" }),
  natsCa: text({
    argument: "FILE",
    help: "trust only the certificates in this file (PEM)",
    needs: "nats",
  }),
  network: option({
    argument: "NAME",
    help: "which network at this NATS",
    fallback: "bobchat",
    needs: "nats",
    parse: value.networkName,
  }),
  node: option<string | undefined>({
    argument: "NAME",
    help: "name of this server in the network",
    fallback: undefined,
    shown: "the machine's",
    needs: "nats",
    parse: value.networkName,
  }),
  natsRequired: toggle({
    help: "stop, and do not wait, if the network is not as it was",
    needs: "nats",
  }),
};
