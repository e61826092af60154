import type { ChatRow_chat$data } from "../__generated__/ChatRow_chat.graphql";
import { useText } from "../texts/texts";
import { Icon } from "../ui/Icon";
import { isNetwork, networkIcons } from "./networks";

interface Props {
  channel: ChatRow_chat$data["channel"];
}

/** The network as a drawing. */
export function ChannelIcon({ channel }: Props) {
  const name = channel?.name;
  return (
    <span className="channel-icon" data-network={name ?? "UNKNOWN"}>
      <Icon name={isNetwork(name) ? networkIcons[name] : "unknown"} />
    </span>
  );
}

/** The network in words, and the account on it. A network of the future has only Texter's word for it. */
export function ChannelName({ channel }: Props) {
  const text = useText();
  const name = isNetwork(channel?.name) ? text(`network.${channel.name}`) : channel?.rawName;
  return (
    <div className="channel">
      <p>{name ?? text("network.none")}</p>
      <p className="sub">
        <bdi>{channel?.accountId}</bdi>
      </p>
    </div>
  );
}
