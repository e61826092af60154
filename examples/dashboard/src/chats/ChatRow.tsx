import { memo, useId } from "react";
import { graphql, useFragment } from "react-relay";

import type { ChatRow_chat$key } from "../__generated__/ChatRow_chat.graphql";
import { RelativeTime } from "../ui/RelativeTime";
import { ChannelIcon, ChannelName } from "./ChannelName";
import { Labels } from "./Labels";
import { StatusBadge } from "./StatusBadge";
import "./chips.css";
import "./row.css";

interface Props {
  chat: ChatRow_chat$key;
  index: number;
  total: number;
  isTabStop: boolean;
  onFocus: (index: number) => void;
}

/** One chat. Memoized: a further page renders no row that was there before. */
export const ChatRow = memo(function ChatRow({ chat: key, index, total, isTabStop, onFocus }: Props) {
  const chat = useFragment(
    graphql`
      fragment ChatRow_chat on Chat {
        id
        name
        clientPhoneE164
        status
        statusCode
        unreadCount
        labels {
          id
          name
          color
        }
        lastMessageAt
        agent {
          displayName
        }
        channel {
          name
          rawName
          accountId
        }
      }
    `,
    key,
  );
  const nameId = useId();
  const unread = chat.unreadCount ?? 0;
  return (
    <div
      role="article"
      className={unread > 0 ? "row unread" : "row"}
      data-chat-id={chat.id}
      aria-labelledby={nameId}
      aria-posinset={index + 1}
      aria-setsize={total}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => onFocus(index)}
    >
      <ChannelIcon channel={chat.channel} />
      {/* The direction is that of the name: names of right-to-left scripts stand right. */}
      <div className="who" dir="auto">
        <p className="name" id={nameId} title={chat.name ?? undefined}>
          {chat.name ?? "No name"}
        </p>
        {chat.clientPhoneE164 && (
          <bdi className="sub" dir="ltr">
            {chat.clientPhoneE164}
          </bdi>
        )}
      </div>
      <ChannelName channel={chat.channel} />
      <Labels labels={chat.labels} />
      <span className="agent" dir="auto">
        {chat.agent?.displayName}
      </span>
      <StatusBadge status={chat.status} code={chat.statusCode} />
      <span className="when">
        {chat.lastMessageAt ? <RelativeTime at={chat.lastMessageAt} /> : <span>No messages</span>}
        {unread > 0 && (
          <span className="unread-count" title={`${unread} unread`}>
            {unread}
            <span className="visually-hidden"> unread</span>
          </span>
        )}
      </span>
    </div>
  );
});
