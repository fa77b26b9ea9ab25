"""The pages that write a calendar; the reading pages stand in the highest app."""

from django.urls import include, path

from meetings import groups, tables, views
from meetings.life import Verb
from mispa.ground.writing import pages_of

app_name = "meetings"

urlpatterns = [
    path("<slug:group>/next/", groups.group_next, name="group-next"),
    path("<slug:group>/meetings/new/", views.meeting_create, name="meeting-create"),
    path("<slug:group>/meetings/topics/", tables.topic_table, name="topic-table"),
    path("<slug:group>/meetings/<int:number>/topics/paste/", tables.topic_paste, name="topic-paste"),
    path("<slug:group>/meetings/<int:number>/topics/order/", tables.topic_order, name="topic-order"),
    path("<slug:group>/meetings/<int:number>/topics/new/", views.topic_create, name="topic-create"),
    path("<slug:group>/meetings/<int:number>/", include(pages_of("meeting", views.meeting))),
    *[
        path(f"<slug:group>/meetings/<int:number>/{verb}/", views.meeting_step(verb), name=f"meeting-{verb}")
        for verb in Verb
    ],
    path("topics/<uuid:pk>/", include(pages_of("topic", views.topic, moves=True))),
    # what all groups share
    path("rooms/", views.room_list, name="room-list"),
    path("rooms/new/", views.room_create, name="room-create"),
    path("rooms/<uuid:pk>/", include(pages_of("room", views.room))),
]
