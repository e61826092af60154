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
 * - milliseconds: from sending the operation to the end of the answer, or to the last event
 * - status and bytes: of HTTP and of the answer, before compression, if there is one answer
 * - events: how many a subscription has had
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
