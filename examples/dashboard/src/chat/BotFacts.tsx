import type { ReactNode } from "react";
import { graphql, useFragment } from "react-relay";

import type { BotFacts_chat$key } from "../__generated__/BotFacts_chat.graphql";
import type { BotFacts_session$key } from "../__generated__/BotFacts_session.graphql";
import { StatusBadge } from "../chats/StatusBadge";
import { useText, type TextId } from "../texts/texts";
import { DataFact, Fact, Group, TimeFact } from "./Fact";

/** What bots do with a chat: now, before, and when the contact answers a template. */
export function BotFacts({ chat: key }: { chat: BotFacts_chat$key }) {
  const text = useText();
  const chat = useFragment(
    graphql`
      fragment BotFacts_chat on Chat {
        externalBot
        botState {
          ...BotFacts_session
        }
        previousBotSession {
          ...BotFacts_session
        }
        replyAction {
          createdAt
          expiresAt
          chatStatus
          chatStatusCode
          setBotNode
          bot
          replyText
          responsibleAgent
          responsibleDepartment
          replyToTemplateFile {
            name
            url
          }
          resolveAt
        }
      }
    `,
    key,
  );
  const { botState, previousBotSession, replyAction: action } = chat;
  const file = action?.replyToTemplateFile;
  const hasStatus = action?.chatStatusCode != null;
  return (
    <>
      <Session name="group.bot" session={botState}>
        <Fact name="fact.externalBot" value={chat.externalBot == null ? null : text(chat.externalBot ? "chat.yes" : "chat.no")} />
      </Session>
      <Session name="group.previousBot" session={previousBotSession} />
      <Group name="group.reply">
        <Fact name="fact.replyText" value={action?.replyText} />
        <Fact name="fact.file" value={file?.name ?? file?.url} />
        <Fact name="fact.status" value={hasStatus && <StatusBadge status={action.chatStatus} code={action.chatStatusCode} />} />
        <Fact name="fact.bot" value={action?.bot} />
        <Fact name="fact.botNode" value={action?.setBotNode} />
        <DataFact name="fact.agent" value={action?.responsibleAgent} />
        <Fact name="fact.department" value={action?.responsibleDepartment} />
        <TimeFact name="fact.resolveAt" at={action?.resolveAt} />
        <TimeFact name="fact.setAt" at={action?.createdAt} />
        <TimeFact name="fact.expiresAt" at={action?.expiresAt} />
      </Group>
    </>
  );
}

interface SessionProps {
  name: TextId;
  session: BotFacts_session$key | null | undefined;
  children?: ReactNode;
}

function Session({ name, session: key, children }: SessionProps) {
  const session = useFragment(
    graphql`
      fragment BotFacts_session on BotSession {
        node
        userState
        flow {
          identifier
          version
        }
      }
    `,
    key ?? null,
  );
  const flow = session?.flow;
  return (
    <Group name={name}>
      <Fact name="fact.bot" value={flow?.identifier && `${flow.identifier} ${flow.version ?? ""}`} />
      <Fact name="fact.botNode" value={session?.node} />
      <DataFact name="fact.userState" value={session?.userState} />
      {children}
    </Group>
  );
}
