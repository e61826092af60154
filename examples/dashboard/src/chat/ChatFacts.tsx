import type { ReactNode } from "react";
import { graphql, useFragment } from "react-relay";

import type { ChatFacts_chat$key } from "../__generated__/ChatFacts_chat.graphql";
import type { Label } from "../chats/label";
import { LabelChip } from "../chats/Labels";
import { isNetwork } from "../chats/networks";
import { StatusBadge } from "../chats/StatusBadge";
import { useText, type TextId } from "../texts/texts";
import { useTimes } from "../ui/times";

/** All that is known of a chat, in groups. What it does not have is left out. */
export function ChatFacts({ chat: key }: { chat: ChatFacts_chat$key }) {
  const chat = useFragment(
    graphql`
      fragment ChatFacts_chat on Chat {
        id
        title
        displayName
        personId
        image
        entityPhone
        clientPhone
        clientPhoneE164
        departmentId
        status
        statusCode
        unreadCount
        lastMessageAt
        lastIncomingMessageAt
        createdAt
        updatedAt
        pendingAt
        pendingMessageAt
        resolvedAt
        unsubscribedAt
        externalBot
        sendingBulkAgent
        crmData
        agent {
          displayName
        }
        labels {
          id
          name
          color
        }
        channel {
          name
          rawName
          contactId
          accountId
        }
        botState {
          node
          flow {
            identifier
            version
          }
        }
        replyAction {
          bot
          replyText
          expiresAt
        }
      }
    `,
    key,
  );
  const text = useText();
  const { channel, botState, replyAction } = chat;
  const flow = botState?.flow;
  const time = (at: string | null | undefined) => at && <Time at={at} />;
  return (
    <>
      <Group name="group.contact">
        <Fact name="fact.title" value={chat.title} />
        <Fact name="fact.displayName" value={chat.displayName} />
        <Fact name="fact.phone" value={chat.clientPhoneE164 ?? chat.clientPhone} />
        <Fact
          name="fact.network"
          value={isNetwork(channel?.name) ? text(`network.${channel.name}`) : channel?.rawName}
        />
        <Fact name="fact.contactId" value={channel?.contactId} />
        <Fact name="fact.accountId" value={channel?.accountId} />
        <Fact name="fact.entityPhone" value={chat.entityPhone} />
        <Fact name="fact.personId" value={chat.personId} />
        <Fact name="fact.image" value={chat.image} />
      </Group>
      <Group name="group.work">
        <Fact name="fact.status" value={<StatusBadge status={chat.status} code={chat.statusCode} />} />
        <Fact name="fact.agent" value={chat.agent?.displayName} />
        <Fact name="fact.department" value={chat.departmentId} />
        <Fact name="fact.unread" value={chat.unreadCount} />
        <Fact name="fact.labels" value={chat.labels.length > 0 && <LabelRow labels={chat.labels} />} />
        <Fact name="fact.bulkAgent" value={chat.sendingBulkAgent} />
      </Group>
      <Group name="group.times">
        <Fact name="fact.lastMessageAt" value={time(chat.lastMessageAt)} />
        <Fact name="fact.lastIncomingMessageAt" value={time(chat.lastIncomingMessageAt)} />
        <Fact name="fact.pendingAt" value={time(chat.pendingAt)} />
        <Fact name="fact.pendingMessageAt" value={time(chat.pendingMessageAt)} />
        <Fact name="fact.resolvedAt" value={time(chat.resolvedAt)} />
        <Fact name="fact.unsubscribedAt" value={time(chat.unsubscribedAt)} />
        <Fact name="fact.createdAt" value={time(chat.createdAt)} />
        <Fact name="fact.updatedAt" value={time(chat.updatedAt)} />
      </Group>
      <Group name="group.bot">
        <Fact name="fact.bot" value={flow?.identifier && `${flow.identifier} ${flow.version ?? ""}`} />
        <Fact name="fact.botNode" value={botState?.node} />
        <Fact name="fact.externalBot" value={chat.externalBot == null ? null : text(chat.externalBot ? "chat.yes" : "chat.no")} />
        <Fact name="fact.replyAction" value={replyAction?.replyText ?? replyAction?.bot} />
        <Fact name="fact.expiresAt" value={time(replyAction?.expiresAt)} />
      </Group>
      <Group name="group.more">
        <Fact name="fact.id" value={chat.id} />
        <Fact name="fact.crmData" value={chat.crmData != null && <Data of={chat.crmData} />} />
      </Group>
    </>
  );
}

function Group({ name, children }: { name: TextId; children: ReactNode }) {
  const text = useText();
  return (
    <section className="facts">
      <h3>{text(name)}</h3>
      <dl>{children}</dl>
    </section>
  );
}

function Fact({ name, value }: { name: TextId; value: ReactNode }) {
  const text = useText();
  if (value == null || value === "" || value === false) return null;
  return (
    <div>
      <dt>{text(name)}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}

function Time({ at }: { at: string }) {
  const times = useTimes();
  return (
    <time dateTime={at} title={times.exact(at)}>
      {times.medium(at)}
    </time>
  );
}

function LabelRow({ labels }: { labels: readonly Label[] }) {
  return (
    <span className="fact-labels">
      {labels.map((label) => (
        <LabelChip key={label.id} label={label} />
      ))}
    </span>
  );
}

function Data({ of: data }: { of: unknown }) {
  return (
    <pre dir="ltr" tabIndex={0}>
      {JSON.stringify(data, null, 2)}
    </pre>
  );
}
