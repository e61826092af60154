import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import { ServiceError } from "./server/ServiceError";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/hues.css";

/** React would log what boundaries catch. Failed requests are shown, and no fault of the page. */
function onCaughtError(error: unknown) {
  if (!(error instanceof ServiceError)) console.error(error);
}

const element = document.querySelector("#root");
if (element) {
  const root = createRoot(element, { onCaughtError });
  // In pieces, between which the browser paints and answers: on a phone the first rendering takes a while.
  startTransition(() =>
    root.render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
