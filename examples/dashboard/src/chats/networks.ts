import type { ChannelName } from "../__generated__/ChatRow_chat.graphql";
import type { SearchableChannelName } from "../__generated__/ChatListNextQuery.graphql";
import type { IconName } from "../ui/Icon";

/** The networks that chats can be searched by. */
export const searchableNetworks = [
  "WHATSAPP",
  "MESSENGER",
  "INSTAGRAM",
  "WEBSITE_CHAT",
  "EMAIL",
] as const satisfies SearchableChannelName[];

export type SearchableNetwork = (typeof searchableNetworks)[number];

type Network = Exclude<ChannelName, "%future added value">;

export const networkTexts: Record<Network, { name: string; icon: IconName }> = {
  WHATSAPP: { name: "WhatsApp", icon: "whatsapp" },
  MESSENGER: { name: "Messenger", icon: "messenger" },
  INSTAGRAM: { name: "Instagram", icon: "instagram" },
  WEBSITE_CHAT: { name: "Web chat", icon: "web" },
  EMAIL: { name: "Email", icon: "email" },
  SMS: { name: "SMS", icon: "sms" },
};

export function isNetwork(name: string | null | undefined): name is Network {
  return name != null && Object.hasOwn(networkTexts, name);
}

export function isSearchable(name: string | null | undefined): name is SearchableNetwork {
  return searchableNetworks.some((known) => known === name);
}
