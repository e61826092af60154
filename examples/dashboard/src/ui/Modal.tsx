import { useEffect, useId, useRef, type ReactNode } from "react";

export type Close = () => void;

interface Props {
  className: string;
  title: string;
  onClose: () => void;
  children: (close: Close) => ReactNode;
}

/** A dialog over the page. The dialog element keeps the focus, closes on Escape, and gives the focus back. */
export function Modal({ className, title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className={`modal ${className}`} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children(() => dialog.current?.close())}
    </dialog>
  );
}
