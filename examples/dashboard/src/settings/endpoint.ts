/**
 * Where the server is unless the settings say otherwise: where the page says
 * (index.html, which can be edited after the build), else beside the page, and
 * on a developer's machine where `make run` serves.
 */
export function defaultEndpoint(): string {
  const named = document.querySelector<HTMLMetaElement>('meta[name="graphql-endpoint"]')?.content;
  if (named) return new URL(named, location.href).href;
  const isLocal = ["localhost", "127.0.0.1", "[::1]", ""].includes(location.hostname);
  return isLocal ? "http://127.0.0.1:8080/graphql" : new URL("/graphql", location.href).href;
}

/** The endpoint that was meant, or null when it can't be one. */
export function parseEndpoint(text: string): string | null {
  const url = text.trim() && URL.parse(text.trim(), location.href);
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
}
