/**
 * Where the server is unless the settings say otherwise: where the page says
 * (index.html, which can be edited after the build), else at /graphql beside
 * the page. `npm run dev` passes that on to the server.
 */
export function defaultEndpoint(): string {
  const named = document.querySelector<HTMLMetaElement>('meta[name="graphql-endpoint"]')?.content;
  return new URL(named || "/graphql", location.href).href;
}

/** The endpoint that was meant, or null when it can't be one. */
export function parseEndpoint(text: string): string | null {
  const url = text.trim() && URL.parse(text.trim(), location.href);
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
}
