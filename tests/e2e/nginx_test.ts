// Behind nginx, below a path, with the lines that the manual of lib/net gives.

import manual from "../../lib/net/README.md" with { type: "text" };
import { ASSETS } from "../../lib/page/assets.ts";
import { assertEquals, assertMatch } from "../assert.ts";
import { App } from "./app.ts";
import { Bobchat, Client, Program } from "./bobchat.ts";
import { testPage } from "./chromium.ts";
import { inFolder } from "./folder.ts";

/** A running nginx. */
class Nginx extends Program {
  readonly port: number;

  private constructor(folder: string, port: number) {
    super(["nginx", ["-p", folder, "-c", `${folder}/nginx.conf`, "-e", "stderr"]], {
      input: false,
    });
    this.port = port;
  }

  /** Starts it with these lines in its server, and waits until it answers. */
  static async start(folder: string, lines: string): Promise<Nginx> {
    // It takes no port 0.
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((name) => `${name}_temp_path ${folder}/${name};`);
    await Deno.writeTextFile(
      `${folder}/nginx.conf`,
      `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice; events {}
      http { access_log off; ${temporary.join(" ")}
        server { listen 127.0.0.1:${port}; ${lines} } }`,
    );
    const nginx = new Nginx(folder, port);
    await nginx.stderr.until(/start worker|using the "epoll"/);
    return nginx;
  }
}

testPage(
  ["nginx"],
  "behind nginx the page works below a path, and everyone has their own address",
  (visits) =>
    inFolder(async (folder) => {
      const [, lines] = /```nginx\n(.*?)```/s.exec(manual)!;
      await using bobchat = await Bobchat.start([
        "--trusted-proxy",
        "127.0.0.1",
      ]);
      const to = lines!.replace("127.0.0.1:7777", `127.0.0.1:${bobchat.port}`);
      await using nginx = await Nginx.start(folder, to);
      const at = `http://127.0.0.1:${nginx.port}/chat`;
      for (const [path, { body }] of ASSETS) {
        const answer = await fetch(at + path);
        assertEquals([answer.status, await answer.text()], [200, body], path);
      }
      const ann = await visits.open({ port: nginx.port, path: "/chat/" }, { name: "ann" });
      using bob = await Client.join(bobchat.port, "bob");
      await ann.say("hello through nginx");
      await bob.until(/^ann\(.*\): hello through nginx\r$/m);
      await bob.send("hello ann\n");
      await ann.sees("hello ann");
      using app = await App.open(nginx.port, {
        path: "/chat/ws",
        headers: { "X-Forwarded-For": "203.0.113.9", Origin: `http://127.0.0.1:${nginx.port}` },
      });
      await app.send({ type: "join" });
      await app.until(({ type }) => type === "welcome");
      assertMatch(
        await bobchat.stderr.until(/ from "203/),
        / connection \d+ from "203\.0\.113\.9 by 127\.0\.0\.1:\d+"\n/,
      );
    }),
);
