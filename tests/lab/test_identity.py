"""LIDs and GUIDs that are not what they should be."""

from program import LabTest, judge, main


class Identity(LabTest):
    """OpenSM would repair what is broken here, so it is stopped: sm-missing then stands beside the finding meant."""

    def found(self, f, rule):
        checked = judge(f, window="4s")  # two reads at least 3 s apart, as the rules ask
        found = checked.findings(rule, folded=True)
        self.assertNotEqual(checked.code, 0, checked)
        self.assertTrue(found, checked)
        return found

    def test_a_host_with_the_lid_of_another_is_lid_duplicate(self):
        f = self.fabric()
        f.sm_stop(sig="STOP")
        f.baselid(f.hosts[4], 1, 3)
        self.found(f, "lid-duplicate")

    def test_a_host_with_lid_65535_is_lid_invalid(self):
        f = self.fabric()
        f.sm_stop(sig="STOP")
        f.baselid(f.hosts[4], 1, 0xffff)
        self.found(f, "lid-invalid")

    def test_a_guid_seen_twice_is_guid_duplicate(self):
        f = self.fabric()
        f.console('Guid "%s" 0x%x' % (f.hosts[6], f.hosts[9].guid))
        self.found(f, "guid-duplicate")


if __name__ == "__main__":
    main()
