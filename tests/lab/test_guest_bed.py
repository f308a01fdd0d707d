"""The guest bed keeps its promises: what the tests of hosts break in it does break, and heals."""

import os

import guest


class Bed(guest.GuestTest):
    def job(self, name, **how):
        with open(os.path.join(guest.JOBS, name), encoding="ascii") as f:
            self.guest(f.read(), **how)

    def test_switches_can_be_walked_taken_out_and_separated(self):
        self.job("fabric.sh")

    def test_the_sa_answers_refuses_forgets_and_moves(self):
        self.job("sa.sh")

    def test_links_bonds_events_queues_and_hot_plug(self):
        self.job("links.sh")

    def test_a_real_subnet_manager_manages_two_hcas(self):
        self.job("opensm.sh")

    def test_programs_of_the_host_run_on_the_guests_kernel(self):
        self.job("host.sh", HOST_PWD=os.getcwd())


if __name__ == "__main__":
    guest.main()
