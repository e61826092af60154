import { createContext, useContext } from "react";
import { useIntl } from "react-intl";

import en from "./en.json";
import he from "./he.json";

export const languages = ["en", "he"] as const;
export type Language = (typeof languages)[number];

/** The name of a text. */
export type TextId = keyof typeof en;

/** All texts, in the message format of ICU. A test compares their names and parts. */
export const texts: Record<Language, Record<TextId, string>> = { en, he };

export interface Locale {
  language: Language;
  /** What Intl takes: the language, with the region of the browser where that speaks the language. */
  tag: string;
  dir: "ltr" | "rtl";
}

/** The language that the settings name; for "auto" the first of the browser's that there are texts in. */
export function localeOf(wanted: Language | "auto"): Locale {
  const spoken = navigator.languages.map((tag) => ({ tag, language: tag.split("-")[0] }));
  const language =
    wanted === "auto" ? (languages.find((known) => known === spoken.find(isKnown)?.language) ?? "en") : wanted;
  const tag = spoken.find((one) => one.language === language)?.tag ?? language;
  return { language, tag, dir: language === "he" ? "rtl" : "ltr" };
}

const isKnown = ({ language }: { language: string | undefined }) => languages.some((known) => known === language);

const LocaleContext = createContext<Locale>({ language: "en", tag: "en", dir: "ltr" });

export const LocaleProvider = LocaleContext.Provider;

export const useLocale = () => useContext(LocaleContext);

export type Text = (id: TextId, values?: Record<string, string | number>) => string;

/** Gives texts in the language of the page. */
export function useText(): Text {
  const intl = useIntl();
  return (id, values) => intl.formatMessage({ id }, values);
}

/** A text of somebody else's in the middle of ours, so that its direction moves nothing but itself. */
export const isolate = (text: string) => `\u2068${text}\u2069`;

/** At most so many characters, in the order of reading: unlike an ellipsis of CSS, it never cuts off the beginning. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("").trimEnd()}…`;
}
