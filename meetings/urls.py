"""The pages that write a calendar; the reading pages stand in the highest app."""

from django.urls import include, path

from meetings import views
from mispa.ground.writing import pages_of

app_name = "meetings"

urlpatterns = [
    path("<slug:group>/meetings/new/", views.meeting_create, name="meeting-create"),
    path("<slug:group>/meetings/<int:number>/topics/new/", views.topic_create, name="topic-create"),
    path("<slug:group>/meetings/<int:number>/", include(pages_of("meeting", views.meeting))),
    path("topics/<uuid:pk>/", include(pages_of("topic", views.topic, moves=True))),
    # what all groups share
    path("rooms/", views.room_list, name="room-list"),
    path("rooms/new/", views.room_create, name="room-create"),
    path("rooms/<uuid:pk>/", include(pages_of("room", views.room))),
]
