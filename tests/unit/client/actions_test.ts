// What a person typed, done.

import { Actions } from "../../../lib/client/actions.ts";
import { Link } from "../../../lib/client/link/link.ts";
import { State } from "../../../lib/client/state/state.ts";
import { assertEquals } from "../../assert.ts";
import { FakeClock, FakeSocket } from "./fake_socket.ts";
import { members, refusal, tell, welcome } from "./said.ts";

const NOTHING = () => undefined;

/** The page of ann, who is in, with what it has sent. */
function page() {
  const socket = new FakeSocket(), clock = new FakeClock(), state = new State();
  const link: Link = new Link({
    open: () => socket,
    onFrame: (frame) => void state.apply(frame),
    claim: () => ({ name: "", password: "" }),
    onHeeded: (request, refused) => {
      if (refused !== undefined) actions.refused(request);
    },
    onRefused: NOTHING,
    onChange: NOTHING,
    now: () => clock.now,
    later: (run, milliseconds) => clock.later(run, milliseconds),
    chance: () => 1,
  });
  link.open();
  socket.opens();
  socket.says(welcome(), members("lobby", "ann", "bob"));
  const [show, expect, giveUp, claim, openRooms] = Array(5).fill(NOTHING);
  const actions: Actions = new Actions({ state, link, show, expect, giveUp, claim, openRooms });
  const complaints = () => state.conversations.active.entries.map(({ text }) => text);
  socket.sent.length = 0;
  return { state, actions, socket, complaints };
}

Deno.test("nobody writes to themselves: it is refused, and stays where it was typed", () => {
  for (
    const text of [
      "/msg ann hello",
      "/msg ANN hello",
      "/msg ann",
      "/MSG Ann hi",
      "one\n/msg ann two",
    ]
  ) {
    const { actions, socket, complaints } = page();
    assertEquals(actions.send(text), undefined, text);
    assertEquals(socket.sent, []);
    assertEquals(complaints(), ["You cannot write to yourself: choose somebody else."]);
  }
});

Deno.test("a conversation with whom one has become is none", () => {
  const { state, actions, socket } = page();
  state.conversations.show(state.conversations.person("zoë"));
  assertEquals(actions.send("hello"), "hello");
  assertEquals(socket.sent.length, 1);
  tell(state, { type: "renamed", room: "lobby", from: "ann", to: "Zoë" });
  assertEquals([actions.send("hello"), socket.sent.length], [undefined, 1]);
  assertEquals(actions.send("/who"), "/who");
});

Deno.test("a room is entered when the server agrees", () => {
  const { actions, socket, state } = page();
  let entered = 0;
  const join = (name: string) => actions.join(name, () => entered++);
  join("no!");
  const [{ id }] = socket.sent as [{ id: number }];
  socket.says(refusal("A room's name is 1 to 30 letters.", id), { type: "ack", id });
  assertEquals(entered, 0);
  join("tea");
  socket.says(members("tea", "ann"), { type: "ack", id: id + 1 });
  assertEquals(entered, 1);
  state.conversations.show(state.conversations.lobby);
  join("tea");
  assertEquals([entered, socket.sent.length], [2, 2]);
});

Deno.test("a private message that is refused comes back to where it was typed", () => {
  const { state, actions, socket } = page();
  const bob = state.conversations.person("bob"), { lobby } = state.conversations;
  state.conversations.show(bob);
  actions.send("one\n//two");
  bob.draft = "three";
  state.conversations.show(lobby);
  actions.send("/msg bob four");
  actions.send("hello");
  const ids = socket.sent.map((sent) => Number((sent as { id: number }).id));
  for (const id of ids) {
    const refused = { ...refusal("Nobody here is called bob.", id), code: "no-such-person" };
    socket.says(refused, { type: "ack", id });
  }
  assertEquals(bob.draft, "one\n//two\nthree");
  assertEquals(lobby.draft, "/msg bob four");
});
