/** Line drawings on a grid of 24 by 24. */
const paths = {
  alert: "M12 8v5m0 3.500v.01M10.3 4 2.7 17.500A2 2 0 0 0 4.4 20.500h15.200a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0Z",
  close: "M5 5l14 14M19 5 5 19",
  inbox: "M3 13h5l1.5 3h5L16 13h5M5.5 5h13L21 13v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-5Z",
  info: "M12 11v5m0-8.500v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  bookmark: "M6 4h12v17l-6-4.500L6 21V4Z",
  refresh: "M20 11a8 8 0 1 0-2.3 6.300M20 5v6h-6",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5",
  settings: "M4 7h9m5 0h2M4 17h2m5 0h9M15.5 9.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-7 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  whatsapp: "M4 20l1.3-4A8 8 0 1 1 8.2 19Zm5.5-11.500c0 3.5 2.5 6 6 6l.5-2-2-.8-1 1c-1-.5-1.7-1.2-2.2-2.200l1-1-.8-2Z",
  messenger: "M12 4c-4.7 0-8.5 3.3-8.5 7.5 0 2.3 1.1 4.3 3 5.700V20.500l2.9-1.600c.8.2 1.7.3 2.6.3 4.7 0 8.5-3.4 8.5-7.700S16.7 4 12 4ZM7.5 13l3-3 3 2.3 3-2.3",
  instagram: "M8 4h8a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4Zm4 11.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm4.6-8.100v.01",
  web: "M4 5h16a1.5 1.5 0 0 1 1.5 1.500v11A1.5 1.5 0 0 1 20 19H4a1.5 1.5 0 0 1-1.5-1.500v-11A1.5 1.5 0 0 1 4 5ZM2.5 9.500h19M7 13h7m-7 2.800h4",
  email: "M4.5 5.500h15a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2ZM3 7.500l9 6 9-6",
  sms: "M6 4.500h12a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-5L8 20.500v-4H6a3 3 0 0 1-3-3v-6a3 3 0 0 1 3-3ZM8 10.500v.01M12 10.500v.01M16 10.500v.01",
  unknown: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-2.3-11.300a2.4 2.4 0 1 1 3.3 2.200c-.7.3-1 .8-1 1.600m0 3v.01",
};

export type IconName = keyof typeof paths;

/** A drawing; what it stands for is said in words beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
