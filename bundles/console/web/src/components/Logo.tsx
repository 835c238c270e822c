/** A fennel stalk that carries a flame: the narthex in which Prometheus brought the fire. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M16 2c1 4.500 6.500 6.500 6.500 12a6.500 6.500 0 0 1-13 0c0-3 1.700-4.700 2.900-6.500.5 1.500 1.200 2.300 2.100 2.700C13.900 7.200 14.500 4.300 16 2z"
        fill="#f2711c"
      />
      <path d="M16 11c.5 2 2.800 2.900 2.800 5.200a2.800 2.800 0 0 1-5.600 0c0-2.300 2.300-3.200 2.800-5.200z" fill="#ffd27a" />
      <path
        d="M16 19.500V30M16 27c-3.500 0-5.800-1.500-6.800-4.500M16 24.500c3 0 5-1.300 5.900-3.900"
        fill="none"
        stroke="#7cb870"
        strokeWidth="2.400"
        strokeLinecap="round"
      />
    </svg>
  );
}
