import type { ChatRow_chat$data } from "../__generated__/ChatRow_chat.graphql";
import { Icon } from "../ui/Icon";
import { isNetwork, networkTexts } from "./networks";

interface Props {
  channel: ChatRow_chat$data["channel"];
}

/** The network as a drawing. */
export function ChannelIcon({ channel }: Props) {
  const name = channel?.name;
  return (
    <span className="channel-icon" data-network={name ?? "UNKNOWN"}>
      <Icon name={isNetwork(name) ? networkTexts[name].icon : "unknown"} />
    </span>
  );
}

/** The network in words, and the account on it. A network of the future has only Texter's word for it. */
export function ChannelName({ channel }: Props) {
  const name = isNetwork(channel?.name) ? networkTexts[channel.name].name : channel?.rawName;
  return (
    <div className="channel">
      <p>{name ?? "No channel"}</p>
      <p className="sub" title={channel?.accountId ?? undefined}>
        {channel?.accountId}
      </p>
    </div>
  );
}
