import { createContext, useContext } from "react";

/** Opens the settings: the cure of some errors, deep in the page. */
export const OpenSettings = createContext<() => void>(() => {});

export const useOpenSettings = () => useContext(OpenSettings);
