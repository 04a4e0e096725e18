// A chat server as most people would write it with Node's `net`: one write a message and recipient.
//
//   node node_net.mjs PORT

import { createServer } from "node:net";
import process from "node:process";

const sockets = new Set();
let number = 0;

createServer((socket) => {
  const name = ++number;
  let rest = "";
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.setEncoding("utf8");
  socket.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const message = `${name}(${new Date().toLocaleTimeString()}): ${line}\n`;
      for (const each of sockets) each.write(message);
    }
  });
  socket.on("close", () => sockets.delete(socket));
  // A reset closes as well.
  socket.on("error", () => undefined);
}).listen(Number(process.argv[2]), "127.0.0.1");
