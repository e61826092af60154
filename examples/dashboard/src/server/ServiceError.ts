export interface ErrorDetails {
  /** The argument that broke a rule, such as `filter.search`. */
  argument?: string;
  /** How many seconds to wait, if the server knows. */
  retryAfter?: number;
  /** What the server's logs call the request. */
  requestId?: string;
}

/**
 * A request that brought nothing. The code is `extensions.code` of the answer,
 * or one of three of our own: NETWORK (no answer), NOT_GRAPHQL (an answer, but
 * not one of GraphQL over HTTP) and SIGNED_OUT (such a one, of HTTP 401).
 */
export class ServiceError extends Error {
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = "ServiceError";
    this.code = code;
    this.details = details;
  }
}
