import { useLocale } from "../texts/texts";
import { adviceOn, type Advice } from "./advice";
import { hebrew } from "./hebrew";
import { ServiceError } from "../server/ServiceError";

/** What to tell about an error, in the language of the page, and what can be done. */
export function useAdvice(error: unknown): Advice {
  const { language } = useLocale();
  const advice = adviceOn(error);
  if (language !== "he") return advice;
  const code = error instanceof ServiceError ? error.code : "UNKNOWN";
  const [title, text] = hebrew[code] ?? [advice.title, advice.text];
  return { ...advice, title, text };
}
