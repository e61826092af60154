import { Component, type ReactNode } from "react";

interface Props {
  /** When it changes, the children get another chance. */
  resetKey: string;
  failed: (error: unknown) => ReactNode;
  children: ReactNode;
}

interface State {
  resetKey: string;
  failure: { error: unknown } | null;
}

/** Shows something else in place of children that threw. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { resetKey: this.props.resetKey, failure: null };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps({ resetKey }: Props, state: State): State | null {
    return resetKey === state.resetKey ? null : { resetKey, failure: null };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure ? this.props.failed(failure.error) : this.props.children;
  }
}
