// An inbox that changes when a test says so: a stand-in for Texter's search.

import { once } from "node:events";
import { createServer } from "node:http";

const time = Date.UTC(2026, 0, 1);

/** Starts an inbox of so many pending chats. */
export async function startInbox(count) {
  let clock = time;
  let chats = [];
  const server = createServer((request, response) => {
    response.setHeader("Content-Type", "application/json");
    const { searchParams } = new URL(request.url, "http://inbox.example");
    const skip = Number(searchParams.get("skip") ?? 0);
    response.end(JSON.stringify({ data: chats.slice(skip, skip + Number(searchParams.get("limit") ?? 30)), total: chats.length }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const remove = (id) => (chats = chats.filter(({ _id }) => _id !== id));
  const inbox = {
    url: `http://127.0.0.1:${server.address().port}/server/api/v2`,
    list: () => chats.map(({ _id, title }) => ({ id: _id, name: title })),
    /** A chat comes to the top, or a new one is there. */
    message(id) {
      remove(id);
      chats.unshift({ _id: id, title: `name of ${id}`, status: 1, last_message_timestamp: (clock += 1000) });
    },
    /** A chat enters in mid-list, as one does whose status has changed. */
    enter(id, index) {
      chats.splice(index, 0, { ...chats[index], _id: id, title: `name of ${id}` });
    },
    rename: (id, title) => (chats = chats.map((chat) => (chat._id === id ? { ...chat, title } : chat))),
    remove,
    stop: () => server.close(),
  };
  for (let n = 0; n < count; n++) inbox.message(`chat-${n}`);
  return inbox;
}
