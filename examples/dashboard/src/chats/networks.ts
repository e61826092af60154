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

export type Network = Exclude<ChannelName, "%future added value">;

export const networkIcons: Record<Network, IconName> = {
  WHATSAPP: "whatsapp",
  MESSENGER: "messenger",
  INSTAGRAM: "instagram",
  WEBSITE_CHAT: "web",
  EMAIL: "email",
  SMS: "sms",
};

export function isNetwork(name: string | null | undefined): name is Network {
  return name != null && Object.hasOwn(networkIcons, name);
}

export function isSearchable(name: string | null | undefined): name is SearchableNetwork {
  return searchableNetworks.some((known) => known === name);
}
