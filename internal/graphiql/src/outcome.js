import { create } from 'zustand'

/**
 * What is known of the last answer of each tab, by the tab's id, and the id of
 * the active tab. GraphiQL aborts an operation when another tab is chosen, so
 * that an answer is always one to the active tab.
 */
export const useOutcomes = create(() => ({ tab: '', byTab: {} }))

/**
 * Notes the outcome of the active tab:
 *
 * - status: of HTTP
 * - milliseconds: from sending the operation to the end of the answer
 * - bytes: of the answer, before compression
 * - cost: what the service counted, or undefined
 * - codes: of the errors, each once
 */
export function noteOutcome(outcome) {
  useOutcomes.setState(({ tab, byTab }) => ({ byTab: { ...byTab, [tab]: outcome } }))
}

/** What an answer says of its cost and its errors. */
export function readResult(result) {
  const codes = (result.errors ?? []).map((error) => error.extensions?.code)
  return {
    cost: result.extensions?.cost?.requested,
    codes: [...new Set(codes.filter((code) => typeof code === 'string'))],
  }
}
