import { graphql, useFragment } from "react-relay";

import type { ChatFacts_chat$key } from "../__generated__/ChatFacts_chat.graphql";
import type { Label } from "../chats/label";
import { LabelChip } from "../chats/Labels";
import { isNetwork } from "../chats/networks";
import { StatusBadge } from "../chats/StatusBadge";
import { useText } from "../texts/texts";
import { BotFacts } from "./BotFacts";
import { DataFact, Fact, Group, TimeFact } from "./Fact";

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
          metadata
        }
        ...BotFacts_chat
      }
    `,
    key,
  );
  const text = useText();
  const { channel } = chat;
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
        <TimeFact name="fact.lastMessageAt" at={chat.lastMessageAt} />
        <TimeFact name="fact.lastIncomingMessageAt" at={chat.lastIncomingMessageAt} />
        <TimeFact name="fact.pendingAt" at={chat.pendingAt} />
        <TimeFact name="fact.pendingMessageAt" at={chat.pendingMessageAt} />
        <TimeFact name="fact.resolvedAt" at={chat.resolvedAt} />
        <TimeFact name="fact.unsubscribedAt" at={chat.unsubscribedAt} />
        <TimeFact name="fact.createdAt" at={chat.createdAt} />
        <TimeFact name="fact.updatedAt" at={chat.updatedAt} />
      </Group>
      <BotFacts chat={chat} />
      <Group name="group.more">
        <Fact name="fact.id" value={chat.id} />
        <DataFact name="fact.crmData" value={chat.crmData} />
        <DataFact name="fact.metadata" value={channel?.metadata} />
      </Group>
    </>
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
