/** How many rows the first page has. */
export const firstPage = 30;

/** The most rows that the server gives at once. */
export const mostRows = 10_000;

const largestPage = 480;

/** How many rows the next page has: who scrolls far gets larger pages, and so fewer requests. */
export const nextPage = (shown: number) => Math.min(largestPage, Math.max(firstPage, shown));
