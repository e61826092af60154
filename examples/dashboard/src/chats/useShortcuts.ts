import { useEffect, useEffectEvent } from "react";

import { openChat, useOpenChat } from "../ui/address";

/** The keys, also as they are on a Hebrew keyboard. */
const steps: Record<string, number> = { j: 1, ח: 1, k: -1, ל: -1 };

/** `/` goes to the search, j and k to the next and the last chat, Escape closes the chat that is open. */
export function useShortcuts(isOn: boolean, onStep: (by: number) => void): void {
  const open = useOpenChat();
  const press = useEffectEvent((event: KeyboardEvent) => {
    const isTyping = event.target instanceof Element && event.target.matches("input, select, textarea");
    const isElsewhere = document.querySelector("dialog.modal[open]") !== null;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping || isElsewhere) return;
    const step = steps[event.key];
    if (event.key === "Escape" && open !== null) openChat(null);
    else if (isOn && step) onStep(step);
    else if (isOn && (event.key === "/" || event.code === "Slash")) focusSearch();
    else return;
    event.preventDefault(); // or the slash would be typed into the field
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}

function focusSearch() {
  document.querySelector<HTMLInputElement>("input[type=search]")?.select();
}
