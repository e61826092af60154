import { memo, useId, type KeyboardEvent, type MouseEvent, type Ref } from "react";
import { graphql, useFragment } from "react-relay";

import type { ChatRow_chat$key } from "../__generated__/ChatRow_chat.graphql";
import { shorten, useText } from "../texts/texts";
import { addressOf, openChat, withChat } from "../ui/address";
import { RelativeTime, Waiting } from "../ui/RelativeTime";
import { ChannelIcon, ChannelName } from "./ChannelName";
import { Labels } from "./Labels";
import { StatusBadge } from "./StatusBadge";
import "./chips.css";
import "./row.css";

interface Props {
  ref: Ref<HTMLDivElement>;
  chat: ChatRow_chat$key & { readonly id: string };
  index: number;
  total: number;
  /** How many pixels below the top of the list. */
  start: number;
  isTabStop: boolean;
  isOpen: boolean;
  onFocus: (index: number) => void;
}

/** One chat, at its place in the list. The place changes more often than what is in it. */
export function ChatRow({ ref, chat, index, total, start, ...props }: Props) {
  const nameId = useId();

  function onClick(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !getSelection()?.isCollapsed) return; // a new tab; copying
    event.preventDefault();
    openChat(chat.id);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.target !== event.currentTarget) return;
    event.preventDefault(); // or it would press the button that gets the focus
    openChat(chat.id);
  }

  return (
    <div
      ref={ref}
      role="article"
      className="row"
      style={{ transform: `translateY(${start}px)` }}
      data-index={index}
      data-chat-id={chat.id}
      data-open={props.isOpen || undefined}
      aria-labelledby={nameId}
      aria-posinset={index + 1}
      aria-setsize={total}
      tabIndex={props.isTabStop ? 0 : -1}
      onFocus={() => props.onFocus(index)}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <RowContent chat={chat} nameId={nameId} />
    </div>
  );
}

const longestName = 90; // characters

/** What the list shows of a chat. Memoized: it is not rendered again when the row moves, or others come. */
const RowContent = memo(function RowContent({ chat: key, nameId }: { chat: ChatRow_chat$key; nameId: string }) {
  const chat = useFragment(
    graphql`
      fragment ChatRow_chat on Chat {
        id
        name
        clientPhoneE164
        status
        statusCode
        unreadCount
        pendingAt
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
  const text = useText();
  const unread = chat.unreadCount ?? 0;

  return (
    <>
      <ChannelIcon channel={chat.channel} />
      <div className="who">
        {/* Its own direction, and the page's place. */}
        <a
          className="name"
          id={nameId}
          href={addressOf(withChat(chat.id))}
          tabIndex={-1}
          title={chat.name ?? undefined}
        >
          <bdi>{chat.name == null ? text("chat.noName") : shorten(chat.name, longestName)}</bdi>
        </a>
        {chat.clientPhoneE164 && (
          <p className="sub">
            <bdi dir="ltr">{chat.clientPhoneE164}</bdi>
          </p>
        )}
      </div>
      <ChannelName channel={chat.channel} />
      <Labels labels={chat.labels} />
      <p className="agent">
        <bdi>{chat.agent?.displayName}</bdi>
      </p>
      <span className="state">
        <StatusBadge status={chat.status} code={chat.statusCode} />
        {chat.status === "PENDING" && chat.pendingAt && <Waiting since={chat.pendingAt} />}
      </span>
      <span className="when">
        {chat.lastMessageAt ? <RelativeTime at={chat.lastMessageAt} /> : <span>{text("chat.noMessages")}</span>}
        {unread > 0 && (
          <span className="unread-count" title={text("chat.unread", { count: unread })}>
            <span aria-hidden="true">{unread}</span>
            <span className="visually-hidden">{text("chat.unread", { count: unread })}</span>
          </span>
        )}
      </span>
    </>
  );
});
