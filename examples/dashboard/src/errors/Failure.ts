/** An error, and how to try again. */
export interface Failure {
  error: unknown;
  retry: () => void;
  isRetrying: boolean;
}
