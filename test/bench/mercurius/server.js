// The same schema on Mercurius with JIT, to compare with: node server.js URL,
// where the URL is the base of Texter's API. It does what the bench asks for
// and no more: no cursors, no checks of what comes in.
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { Agent, request } from 'undici';

const baseURL = process.argv[2];
const upstream = new Agent({ connections: 100, keepAliveTimeout: 60_000 });

async function get(path, authorization) {
  const res = await request(baseURL + path, { dispatcher: upstream, headers: { authorization } });
  if (res.statusCode !== 200) throw new Error(`upstream answered ${res.statusCode}`);
  return res.body.json();
}

// labelsById reads the labels once for an operation.
function labelsById(context) {
  return (context.labels ??= get('/labels?limit=10000', context.authorization).then(
    ({ labels }) => new Map(labels.map((label) => [label.id, label])),
  ));
}

// labels are the labels of a chat, with all that is known of them.
async function labels(chat, _, context) {
  if (!chat.labels?.length) return [];
  const known = await labelsById(context);
  return chat.labels.map((id) => known.get(id) ?? { id });
}

// searchChats reads the first page of a search.
async function searchChats(_, { filter, page }, { authorization }) {
  const query = new URLSearchParams({ limit: page.first });
  if (filter?.search) query.set('search', filter.search);
  const { data, total } = await get(`/chats/search?${query}`, authorization);
  return { nodes: data, totalCount: total, pageInfo: { hasPreviousPage: false, hasNextPage: data.length < total } };
}

const statuses = ['BOT', 'PENDING', 'ASSIGNED', 'RESOLVED', 'BULK'];
const channels = ['WHATSAPP', 'MESSENGER', 'INSTAGRAM', 'WEBSITE_CHAT', 'EMAIL', 'SMS'];

const time = (milliseconds) => (milliseconds == null ? null : new Date(milliseconds).toISOString());
const timeOfSeconds = (seconds) => (seconds == null ? null : time(seconds * 1000));
const session = (s) => (s && Object.keys(s).length > 0 ? s : null);

const resolvers = {
  Query: { searchChats },
  Chat: {
    id: (c) => c._id,
    name: (c) => c.displayName ?? c.title,
    channel: (c) => c.channelInfo ?? (c.channel ? { name: c.channel } : null),
    agent: (c) => (c.agent?.uid ? c.agent : null),
    status: (c) => statuses[c.status],
    statusCode: (c) => c.status,
    labels,
    labelIds: (c) => c.labels ?? [],
    lastMessageAt: (c) => time(c.last_message_timestamp),
    lastIncomingMessageAt: (c) => time(c.lastIncomingMessageTimestamp),
    createdAt: (c) => time(c.created),
    updatedAt: (c) => time(c.updatedAt),
    pendingMessageAt: (c) => timeOfSeconds(c.pendingMessageTime),
    pendingAt: (c) => timeOfSeconds(c.pendingUpdateTime),
    resolvedAt: (c) => timeOfSeconds(c.resolvedUpdateTime),
    unsubscribedAt: (c) => time(c.unsubscribed?.date),
    botState: (c) => session(c.botState),
    previousBotSession: (c) => session(c.previousBotSession),
    raw: (c) => c,
  },
  Channel: {
    name: (c) => channels.find((name) => name === c.name?.toUpperCase()),
    rawName: (c) => c.name,
    contactId: (c) => c.id,
  },
  BotSession: {
    flow: (s) => s.flowVersion,
    raw: (s) => s,
  },
  ReplyAction: {
    createdAt: (a) => timeOfSeconds(a.created),
    expiresAt: (a) => timeOfSeconds(a.created + a.expirationTime),
    chatStatus: (a) => statuses[a.chatStatus],
    chatStatusCode: (a) => a.chatStatus,
    resolveAt: (a) => timeOfSeconds(a.resolveTime),
  },
};

const app = Fastify();
app.register(mercurius, {
  schema: readFileSync(new URL('../../../schema.graphqls', import.meta.url), 'utf8'),
  resolvers,
  jit: 1,
  context: ({ headers }) => ({ authorization: headers.authorization }),
});
console.log(`GraphQL: ${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`);
