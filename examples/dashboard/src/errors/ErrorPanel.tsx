import { useText } from "../texts/texts";
import { Icon } from "../ui/Icon";
import { requestIdOf } from "./advice";
import { ErrorActions } from "./ErrorActions";
import "./errors.css";
import type { Failure } from "./Failure";
import { useAdvice } from "./useAdvice";

/** An error in place of a whole list. */
export function ErrorPanel(failure: Failure) {
  const text = useText();
  const advice = useAdvice(failure.error);
  const requestId = requestIdOf(failure.error);
  return (
    <div className="panel">
      <span className="panel-icon danger">
        <Icon name="alert" />
      </span>
      <div role="alert">
        <h3>{advice.title}</h3>
        <p>{advice.text}</p>
      </div>
      <ErrorActions {...failure} />
      {requestId && (
        <p className="request-id">
          {text("error.request")} <code dir="ltr">{requestId}</code>
        </p>
      )}
    </div>
  );
}
