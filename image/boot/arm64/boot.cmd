# The A/B choice on arm64: U-Boot runs this on a Raspberry Pi 3 and 4 and on QEMU's virt. `compile` puts the numbers
# of addresses.env before it, takes the comments out and packs it.
#
# The boot order is one sector at the start of the partition `bootstate`, as `fw_setenv` and RAUC know it:
#   BOOT_ORDER    slots, the first to try first
#   BOOT_A_LEFT   tries that slot A has left; RAUC sets it back once the version has proved itself
#   BOOT_B_LEFT
#   extra         more words for the kernel, set by hand
# A try is counted on the disk before the slot is started. Nothing here may end at a prompt: whatever is broken, some
# slot is tried, for ever.

if test "${board}" = "qemu-arm"; then
    setenv ram ${virt_ram}
    setenv tree ${fdtcontroladdr}
    setenv serial ttyAMA0
else
    setenv ram ${rpi_ram}
    setenv tree ${fdt_addr}
    setenv serial ttyS1
fi
setexpr state_at ${ram} + ${state_offset}
setexpr tree_at ${ram} + ${tree_offset}
setexpr initrd_at ${ram} + ${initrd_offset}
setexpr kernel_at ${ram} + ${kernel_offset}
# All ones: what is loaded stays where it is.
setenv fdt_high 0xffffffffffffffff
setenv initrd_high 0xffffffffffffffff

# The tree comes first: there is no promise that the firmware left it outside of the places that are filled below.
setenv move 'fdt addr ${tree} && fdt move ${tree} ${tree_at} ${tree_length}'
if run move; then
    echo "Night Porter: on ${board}, device tree from ${tree}"
else
    setenv tree ${fdtcontroladdr}
    run move
fi

# What holds when the sector does not: a new card, or a damaged one.
setenv BOOT_ORDER "A B"
setenv BOOT_A_LEFT 3
setenv BOOT_B_LEFT 3
setenv extra

${devtype} dev ${devnum}
setenv state_start
part start ${devtype} ${devnum} bootstate state_start
if test -n "${state_start}" && ${devtype} read ${state_at} ${state_start} 1 && env import -c ${state_at} 0x200 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT extra; then
    echo "Night Porter: order ${BOOT_ORDER}, tries left: A ${BOOT_A_LEFT}, B ${BOOT_B_LEFT}"
else
    echo "Night Porter: the boot state does not read, starting with A"
fi
test -n "${BOOT_ORDER}" || setenv BOOT_ORDER "A B"
test -n "${BOOT_A_LEFT}" || setenv BOOT_A_LEFT 3
test -n "${BOOT_B_LEFT}" || setenv BOOT_B_LEFT 3

# A state that cannot be written is no reason not to start.
setenv save 'env export -c -s 0x200 ${state_at} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT extra && ${devtype} write ${state_at} ${state_start} 1 || echo "Night Porter: the boot state cannot be written"'

setenv start 'load ${devtype} ${devnum}:${part} ${kernel_at} vmlinuz && load ${devtype} ${devnum}:${part} ${initrd_at} initrd.img && booti ${kernel_at} ${initrd_at}:${filesize} ${tree_at}'

# Twice: if every try was used up, or no slot could be loaded, the counters begin again.
setenv known
for round in 1 2; do
    for slot in ${BOOT_ORDER}; do
        setenv part
        if test "${slot}" = "A" || test "${slot}" = "B"; then
            setenv known yes
        fi
        if test "${slot}" = "A" && test ${BOOT_A_LEFT} -gt 0; then
            setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1
            setenv part 2
            setenv root root-a
        fi
        if test "${slot}" = "B" && test ${BOOT_B_LEFT} -gt 0; then
            setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1
            setenv part 4
            setenv root root-b
        fi
        if test -n "${part}"; then
            run save
            echo "Night Porter: starting slot ${slot}"
            setenv bootargs "root=PARTLABEL=${root} ro rauc.slot=${slot} rootfstype=squashfs console=tty0 console=${serial},115200 quiet loglevel=4 panic=10 oops=panic gpt fsck.mode=skip systemd.getty_auto=no ${extra}"
            run start
            echo "Night Porter: slot ${slot} cannot be started"
        fi
    done
    echo "Night Porter: no slot has a try left, counting again"
    setenv BOOT_A_LEFT 3
    setenv BOOT_B_LEFT 3
    test -n "${known}" || setenv BOOT_ORDER "A B"
    run save
done
sleep 10
reset
