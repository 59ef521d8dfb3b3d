"""All scenarios by short names, in the journeys in which they share a machine, in an order that disturbs none."""

from collections.abc import Callable, Sequence

import msgspec

from tests.image.scenarios import (
    acting,
    at_rest,
    console,
    crashes,
    first_boot,
    power_cuts,
    printing,
    trouble,
    updates,
    usb_line,
)
from tests.image.scenarios.bench import Bench

BOTH, PC, PI = ("amd64", "arm64"), ("amd64",), ("arm64",)


class Scenario(msgspec.Struct, frozen=True):
    """One scenario: its journey, its short name, the function that plays it, and the machines that play it.

    `is_long`: played with --long or by name alone, because the others have to be through within 25 minutes.
    """

    journey: str
    name: str
    play: Callable[[Bench], None]
    arches: Sequence[str] = BOTH
    is_long: bool = False

    @property
    def sentence(self) -> str:
        """What it shows."""
        return self.play.__name__.replace("_", " ")


ALL = (
    Scenario("first-boot", "first-boot", first_boot.a_blank_card_with_a_good_file_becomes_a_box_that_cuts_keys),
    Scenario("box", "ports", at_rest.the_network_sees_the_page_and_mdns_alone, PC),
    Scenario("box", "passwords", at_rest.no_password_lets_anybody_in, PC),
    Scenario("box", "memory", at_rest.the_running_system_is_small, PC),
    Scenario("box", "rest", at_rest.nothing_is_written_at_rest, PC),
    Scenario("box", "secrets", at_rest.a_secret_is_in_its_one_protected_place_alone, PC),
    Scenario("box", "usb-line", usb_line.the_usb_socket_is_a_serial_line_with_the_same_view, PI, is_long=True),
    Scenario("box", "printer", printing.a_document_of_mews_becomes_paper_at_a_network_printer, PC),
    Scenario("acting", "acting", acting.the_box_is_acted_on_over_tls_and_is_known_by_its_certificate, PC),
    Scenario("trouble", "cable", trouble.a_pulled_cable_is_said_and_what_was_ordered_meanwhile_is_cut, PC),
    Scenario("trouble", "agent-killed", crashes.a_killed_agent_is_back_and_port_80_was_never_silent, PC),
    Scenario("trouble", "agent-frozen", crashes.a_frozen_agent_is_found_by_its_watchdog, PC),
    Scenario("trouble", "safe-mode", crashes.an_agent_that_does_not_start_ends_in_safe_mode, PC, is_long=True),
    Scenario("trouble", "journal", trouble.a_damaged_journal_is_set_aside_and_said, PC),
    Scenario("trouble", "kernel-crash", crashes.a_crashed_kernel_restarts_and_the_page_says_so, PC),
    Scenario("trouble", "kernel-hang", crashes.a_hung_kernel_is_reset_by_the_hardware_watchdog, PC, is_long=True),
    Scenario("trouble", "disk-full", trouble.a_full_disk_is_said_and_costs_no_key, PC),
    Scenario("trouble", "read-only", trouble.a_read_only_disk_is_said_and_a_restart_heals_it, PC, is_long=True),
    Scenario("trouble", "no-cable", trouble.a_start_without_a_cable_is_said_on_the_serial_line, PC, is_long=True),
    Scenario("trouble", "no-dhcp", trouble.a_start_without_dhcp_is_said_on_the_serial_line, PC, is_long=True),
    Scenario("trouble", "clock", trouble.a_clock_in_1970_is_said_and_keys_are_dated_right, PC),
    Scenario("updates", "bad-file", first_boot.a_bad_file_is_refused_with_its_reasons_and_a_good_one_then_works),
    Scenario("updates", "update-refused", updates.a_bundle_that_is_broken_or_not_ours_is_refused, is_long=True),
    Scenario("updates", "broken-agent", updates.a_version_whose_agent_does_not_start_is_taken_back),
    Scenario("updates", "deaf", updates.a_version_that_cannot_reach_the_lock_server_is_taken_back, is_long=True),
    Scenario("updates", "hanging", updates.a_version_whose_kernel_hangs_is_taken_back, is_long=True),
    Scenario("updates", "update", updates.a_good_update_from_an_address_switches_the_slot_and_loses_nothing),
    Scenario("updates", "stick", updates.a_good_update_from_a_usb_stick_needs_no_command, is_long=True),
    Scenario(
        "console",
        "network-set-cut",
        console.network_settings_of_the_console_outlive_a_power_cut_once_they_are_confirmed,
        PC,
        is_long=True,
    ),
    Scenario(
        "console",
        "take-cut",
        console.a_file_taken_before_a_power_cut_stays_whole_or_goes_and_the_box_says_which,
        PC,
        is_long=True,
    ),
    Scenario(
        "console",
        "console-reset",
        console.a_factory_reset_over_the_serial_line_asks_for_code_and_name_and_starts_as_new,
        PC,
    ),
    Scenario(
        "console",
        "console-setup",
        console.a_box_out_of_its_packet_is_set_up_over_the_serial_line_to_a_cut_key,
        PC,
    ),
    Scenario("cuts", "cut-first-boot", power_cuts.the_power_goes_during_the_first_boot, is_long=True),
    Scenario("cuts", "cut-import", power_cuts.the_power_goes_while_the_file_is_taken),
    Scenario("cuts", "cut-keys", power_cuts.the_power_goes_while_keys_are_cut),
    Scenario("cuts", "cut-update", power_cuts.the_power_goes_during_an_update, is_long=True),
)

ALONE = frozenset({"first-boot"})  # journeys that time something, and share the processors with no other


def chosen(arch: str, names: Sequence[str], *, wants_long: bool = False) -> list[Scenario]:
    """The scenarios of these names, and what this machine has to show of these journeys; none: all of that."""
    if not names:
        return [each for each in ALL if arch in each.arches and (wants_long or not each.is_long)]
    return [each for each in ALL if each.name in names or (each.journey in names and arch in each.arches)]


def known() -> set[str]:
    """Every name that can be asked for."""
    return {name for scenario in ALL for name in (scenario.name, scenario.journey)}
