import { Icon } from "../ui/Icon";
import { ErrorActions } from "./ErrorActions";
import "./errors.css";
import type { Failure } from "./Failure";
import { useAdvice } from "./useAdvice";

/** An error of one line, beside what could be loaded. */
export function ErrorNotice({ what, error, retry, isRetrying }: Failure & { what: string }) {
  const { title } = useAdvice(error);
  return (
    <div className="notice danger">
      <Icon name="alert" />
      <p role="alert">
        <strong>{what}</strong> {title}.
      </p>
      <ErrorActions error={error} retry={retry} isRetrying={isRetrying} />
    </div>
  );
}
