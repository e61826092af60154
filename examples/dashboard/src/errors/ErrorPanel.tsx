import { Icon } from "../ui/Icon";
import { adviceOn, requestIdOf } from "./advice";
import { ErrorActions } from "./ErrorActions";
import "./errors.css";
import type { Failure } from "./Failure";

/** An error in place of a whole list. */
export function ErrorPanel(failure: Failure) {
  const { title, text } = adviceOn(failure.error);
  const requestId = requestIdOf(failure.error);
  return (
    <div className="panel">
      <span className="panel-icon danger">
        <Icon name="alert" />
      </span>
      <div role="alert">
        <h3>{title}</h3>
        <p>{text}</p>
      </div>
      <ErrorActions {...failure} />
      {requestId && (
        <p className="request-id">
          Request <code>{requestId}</code>
        </p>
      )}
    </div>
  );
}
