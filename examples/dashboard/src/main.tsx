import { StrictMode } from "react";
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

const root = document.querySelector("#root");
if (root) {
  createRoot(root, { onCaughtError }).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
