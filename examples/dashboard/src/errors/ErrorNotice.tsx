import { Icon } from "../ui/Icon";
import { adviceOn } from "./advice";
import { ErrorActions } from "./ErrorActions";
import "./errors.css";
import type { Failure } from "./Failure";

/** An error of one line, beside what could be loaded. */
export function ErrorNotice({ what, ...failure }: Failure & { what: string }) {
  const { title } = adviceOn(failure.error);
  return (
    <div className="notice danger">
      <Icon name="alert" />
      <p role="alert">
        <strong>{what}</strong> {title}.
      </p>
      <ErrorActions {...failure} />
    </div>
  );
}
