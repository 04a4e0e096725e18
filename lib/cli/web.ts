// What serves apps: HTTP, with the page and WebSockets, and JSON lines. Loaded on demand.

import { Networks } from "../chat/address.ts";
import type { Connection } from "../net/connection.ts";
import type { Intake } from "../net/intake.ts";
import { HttpServer } from "../net/web/server.ts";
import { Site } from "../net/web/site.ts";
import { Sessions } from "../net/web/sessions.ts";
import { ASSETS } from "../page/assets.ts";
import { JsonProtocol } from "../wire/json.ts";
import { machineNames } from "./machine_name.ts";
import type { Options } from "./options.ts";

/** What serves apps. */
export interface Web {
  /** Undefined with `--no-web`. */
  readonly serveHttp: ((connection: Connection) => Promise<void>) | undefined;
  readonly serveJsonLines: (connection: Connection) => void;
  readonly close: () => void;
}

/** Makes it; `certified` gives the names in the certificate. Call it before permissions are given up. */
export async function openWeb(
  { options, intake }: { options: Options; intake: Intake },
  certified: () => readonly string[],
): Promise<Web> {
  const { maxLine, maxPending, noWeb, webOrigin, webName, trustedProxy, tlsOnly } = options;
  const sessions = await Sessions.create({
    maxLine,
    most: maxPending,
    serve: (connection, app) =>
      void intake.serve(connection, {
        makeProtocol: () => new JsonProtocol({ maxLine, ...app }),
      }),
  });
  const named = [...webName, ...machineNames()];
  const http = new HttpServer({
    site: new Site({
      assets: ASSETS,
      origins: webOrigin,
      names: () => [...named, ...certified()],
      isTlsOnly: tlsOnly,
    }),
    proxies: new Networks(trustedProxy),
    upgrade: (connection, upgrade) => sessions.accept(connection, upgrade),
  });
  return {
    serveHttp: noWeb ? undefined : (connection) => http.serve(connection),
    serveJsonLines: (connection) => sessions.serveLines(connection),
    close: () => {
      http.close();
      sessions.close();
    },
  };
}
