import { useEffect, useId, useRef, useState } from "react";
import { graphql, useFragment } from "react-relay";

import type { ChatDrawer_chat$key } from "../__generated__/ChatDrawer_chat.graphql";
import { useText } from "../texts/texts";
import { openChat } from "../ui/address";
import { Icon } from "../ui/Icon";
import { Waiting } from "../ui/RelativeTime";
import { narrow, useMedia } from "../ui/useMedia";
import { ChatFacts } from "./ChatFacts";
import "./drawer.css";

/** Everything that a chat has, beside the list; on a narrow screen, over it. */
export function ChatDrawer({ chat }: { chat: (ChatDrawer_chat$key & { readonly id: string }) | null }) {
  const text = useText();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const lastId = useRef<string | null>(null);
  const isNarrow = useMedia(narrow);

  useEffect(() => {
    if (chat) lastId.current = chat.id;
  }, [chat]);
  useEffect(() => {
    const { current } = dialog;
    if (isNarrow) current?.showModal();
    else current?.show();
    return () => current?.close();
  }, [isNarrow]);
  useEffect(
    () => () => {
      // Back to the row, which the keyboard goes on from.
      document.querySelector<HTMLElement>(`[data-chat-id="${CSS.escape(lastId.current ?? "")}"]`)?.focus();
    },
    [],
  );

  return (
    <dialog
      ref={dialog}
      className="drawer"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        openChat(null);
      }}
    >
      <div className="drawer-top">
        <span className="visually-hidden" id={id}>
          {text("chat.details")}
        </span>
        <button type="button" className="button quiet" aria-label={text("close")} onClick={() => openChat(null)}>
          <Icon name="close" />
        </button>
      </div>
      {chat ? <Details key={chat.id} chat={chat} /> : <p>{text("chat.gone")}</p>}
    </dialog>
  );
}

function Details({ chat: key }: { chat: ChatDrawer_chat$key }) {
  const text = useText();
  const chat = useFragment(
    graphql`
      fragment ChatDrawer_chat on Chat {
        name
        status
        pendingAt
        clientPhone
        clientPhoneE164
        crmDeepLink
        ...ChatFacts_chat
      }
    `,
    key,
  );
  const phone = chat.clientPhoneE164 ?? chat.clientPhone;
  const link = webAddress(chat.crmDeepLink);
  return (
    <>
      <h2>
        <bdi>{chat.name ?? text("chat.noName")}</bdi>
      </h2>
      {chat.status === "PENDING" && chat.pendingAt && <Waiting since={chat.pendingAt} />}
      <div className="drawer-actions">
        {phone && (
          <>
            <CopyButton what={phone} />
            <a className="button" href={`tel:${phone.replace(/[^+\d]/g, "")}`}>
              {text("chat.call")}
            </a>
          </>
        )}
        {link && (
          <a className="button" href={link} target="_blank" rel="noreferrer">
            {text("chat.crm")}
          </a>
        )}
      </div>
      <ChatFacts chat={chat} />
    </>
  );
}

function CopyButton({ what }: { what: string }) {
  const text = useText();
  const [isCopied, setCopied] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() => void navigator.clipboard.writeText(what).then(() => setCopied(true))}
      >
        <bdi dir="ltr">{what}</bdi> <span className="copy">{text("chat.copy")}</span>
      </button>
      <span role="status">{isCopied && text("chat.copied")}</span>
    </>
  );
}

/** A link that can only be followed to the web: what integrations keep on a chat can be anything. */
function webAddress(link: string | null | undefined): string | null {
  const url = link ? URL.parse(link) : null;
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
}
